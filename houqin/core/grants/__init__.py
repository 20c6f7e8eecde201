"""Who may do what where: roles granted over a unit and all below it."""
