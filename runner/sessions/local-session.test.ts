import { freshSession } from '../../test/conformance/local-host.ts';
import { conformance } from '../../test/conformance/sessions.ts';

conformance('local session', freshSession);
