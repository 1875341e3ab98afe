// The composition root: starts the session and hands its engine to the page.

import './styles/index.css'
