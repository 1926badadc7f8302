"""Benefits: lines below zero for what somebody else pays."""
