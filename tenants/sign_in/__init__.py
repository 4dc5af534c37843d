"""How a person gets in and stays in: our words and limits around django-allauth."""
