"""An honest campaign for each lead that may be contacted: e-mail, WhatsApp, SMS and a call card, as drafts."""
