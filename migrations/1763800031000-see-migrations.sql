-- The service says that it is ready only when its database has had every migration that it knows: it must be able to see them.

GRANT SELECT ON public.migrations TO partnerships_service;
