-- One login role per process, and the owner that migrates. Run once per database by its administrator
-- (the embedded server and docker-compose do it themselves), then set each role's password.
-- None may bypass row-level security; none but the owner owns anything.
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['wise_owner', 'wise_intake', 'wise_delivery', 'wise_central', 'wise_training',
    'wise_release', 'wise_courier', 'wise_keeper', 'wise_purge'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', role_name);
    END IF;
  END LOOP;
END $$;
