// Runs axe-core, which stands before this in the same world, and keeps what is reported of it.
(async () => {
  const impacts = Object.fromEntries((axe._audit?.rules ?? []).map((rule) => [rule.id, rule.impact]));
  const told = await axe.run(document, {
    iframes: false,
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21aa"],
    rules: { "target-size": { enabled: true }, "heading-order": { enabled: true } },
  });
  return {
    version: axe.version,
    passed: told.passes.map((rule) => impacts[rule.id] ?? null),
    violations: told.violations.map((rule) => ({
      id: rule.id,
      impact: rule.impact,
      help: rule.help,
      count: rule.nodes.length,
      where: String(rule.nodes[0]?.target?.[0] ?? "").slice(0, 200),
    })),
  };
})()
