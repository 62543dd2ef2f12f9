import { after, before, describe } from 'node:test';
import { checkAppearance } from './check-appearance.ts';
import { checkContent } from './check-content.ts';
import { checkLinks } from './check-links.ts';
import { checkOutcomes } from './check-outcomes.ts';
import { checkPartials } from './check-partials.ts';
import { checkPlaces } from './check-places.ts';
import { checkScripts } from './check-scripts.ts';
import { checkSecurity } from './check-security.ts';
import { checkSplit } from './check-split.ts';
import { Site } from './site.ts';

// One build serves all: it takes longer than most of the checks.
describe('the built site', () => {
  let site: Site;
  before(async () => {
    site = await Site.build();
  });
  after(() => site?.close());
  const built = (): Site => site;

  describe('steps, without scripts', () => checkOutcomes(built));
  describe('labs and languages, without scripts', () => checkContent(built));
  describe('places of fences', () => checkPlaces(built));
  describe('steps in several places', () => checkSplit(built));
  describe('documents that pages import', () => checkPartials(built));
  describe('what scripts add', () => checkScripts(built));
  describe('security', () => checkSecurity(built));
  describe('appearance', () => checkAppearance(built));
  describe('links', () => checkLinks(built));
});
