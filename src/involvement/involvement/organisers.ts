import { organisersAre } from '../../people';
import { inTeam } from '../project/own-projects';

/** Access needs that are shared for an involvement are read by the team of its project, where the caller's role gives them leave. */
organisersAre((who, bind, today) =>
  inTeam('(SELECT v.project_id FROM involvement.involvement v WHERE v.id = r.involvement_id)', who, today)(bind),
);
