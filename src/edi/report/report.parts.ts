import { GapDemonstration } from '../gap/gap-demonstration';
import { GapController } from '../gap/gap.controller';
import { GapService } from '../gap/gap.service';
import { ComparisonController } from './comparisons.controller';
import { Comparisons } from './comparisons.service';
import { DictionaryController } from './dictionary/dictionary.controller';
import { PagesController } from './pages.controller';
import { PopulationController } from './population/population.controller';
import { PopulationFigures } from './population/population.service';

/** What reports and gaps add to the area's module; `Releases` must be provided beside them. */
export const reportControllers = [
  PopulationController,
  GapController,
  DictionaryController,
  PagesController,
  ComparisonController,
];
export const reportProviders = [PopulationFigures, GapService, GapDemonstration, Comparisons];
