"""What a shop may send, read strictly: each wrong field is a 400 that names it. Unknown fields are accepted."""
