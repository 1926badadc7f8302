// Comforts for those who have scripts; each module is bound by data-… and stands alone, without imports or exports.
// In production the storage puts the modules into this file, each in a block of its own (see ui/storage.py).
import "./menu.js";
import "./password.js";
import "./select.js";
import "./copy.js";
import "./form.js";
import "./keys.js";
import "./arrows.js";
import "./keys_switch.js";
import "./requests.js";
import "./photo.js";
