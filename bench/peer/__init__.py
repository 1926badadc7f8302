"""The peer of paying: a bare view, a bare job, one call to the gateway and the same statements as ours by hand."""
