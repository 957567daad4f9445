"""The city's document axis: the server of the gateway protocol that others join with the client they already have."""
