import { PopulationController } from './population/population.controller';
import { PopulationFigures } from './population/population.service';

/** What the reports add to the area's module; `Releases` must be provided beside them. */
export const reportControllers = [PopulationController];
export const reportProviders = [PopulationFigures];
