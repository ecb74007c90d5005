"""The casework store on PostgreSQL: tables, repositories, one transaction per use case, encryption at rest."""
