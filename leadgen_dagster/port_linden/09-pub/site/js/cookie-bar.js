/* cookie bar, switched off since we have no cookies */
var cookieBar = { enabled: false };
