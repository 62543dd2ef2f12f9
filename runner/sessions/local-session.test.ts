import { conformance } from '../../test/conformance/sessions.ts';
import { freshSession } from '../../test/conformance/local-host.ts';

conformance('local session', freshSession);
