"""An outside program that attacks what the Hub serves, over HTTP, and a judge who knows the truth."""
