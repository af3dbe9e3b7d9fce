// Makes pages smoother; every deed works without it. One module a deed, hung on data- attributes.
import 'htmx.org/dist/htmx.esm.js';
import { conditions } from './conditions.js';
import { goOn } from './continue.js';
import { diagrams } from './diagrams.js';
import { drafts } from './drafts.js';
import { keys } from './keys.js';
import { once } from './once.js';
import { summary } from './summary.js';

document.documentElement.classList.add('js');
const start = () => { conditions(document); diagrams(document); drafts(document); once(document); summary(document); };
start();
goOn(document);
keys(document);
document.addEventListener('htmx:afterSettle', start);
