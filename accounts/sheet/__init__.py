"""The basic information sheet: what each account is asked, what is known of it and how well."""
