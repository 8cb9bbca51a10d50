"""The applicant's pages of one application: status, correction, withdrawal."""
