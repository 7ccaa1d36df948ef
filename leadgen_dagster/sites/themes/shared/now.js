(function (told) {
  var parts = {};
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: told.zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
      .formatToParts(new Date()).forEach(function (part) { parts[part.type] = part.value; });
  } catch (unknownZone) { return; }
  var today = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(parts.weekday);
  var minute = 60 * parts.hour + +parts.minute;
  var week = document.getElementById("week");
  if (week) { week.children[today].classList.add("today"); }
  var open = told.days[today].map(function (span) { return [span[0], span[1]]; })
    .concat(told.days[(today + 6) % 7].map(function (span) { return [span[0] - 1440, span[1] - 1440]; }))
    .filter(function (span) { return span[0] <= minute && minute < span[1]; })[0];
  if (!open) { return; }
  var closes = open[1] > 1440 ? open[1] - 1440 : open[1];
  var line = document.getElementById("now");
  var always = told.days.every(function (spans) { return spans.length === 1 && spans[0][0] === 0 && spans[0][1] === 1440; });
  line.textContent = always ? told.always : told.until.replace("%", ("0" + Math.floor(closes / 60)).slice(-2) + ":" + ("0" + closes % 60).slice(-2));
  line.hidden = false;
})({{ page.hours.clock|safe }});
