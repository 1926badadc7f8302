"""The page on which a person pays: HTML of the gateway's own, complete without JavaScript."""
