"""Credentials 证照: licences, certificates, permits, insurance, inspections — valid until when, and what depends on them."""
