"""From the directive to completion: states, who may, what must be there."""
