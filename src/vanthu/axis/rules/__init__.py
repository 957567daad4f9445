"""What the axis holds true, in plain Python: states of a parcel, answers, times, codes."""
