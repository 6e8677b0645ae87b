using System.CommandLine;
using Monolith.Cli.Admin;

namespace Monolith.Cli.Events;

/// <summary>The options that select events.</summary>
internal sealed class EventFilter
{
    private readonly Option<string?> module = new("--module") { Description = "of one module", HelpName = "M" };
    private readonly Option<Guid?> stream = AdminVerb.IdOption("--stream", "of one customer or order");
    private readonly Option<string?> type = new("--type") { Description = "of one type (customer.registered.v1)", HelpName = "TYPE" };
    private readonly Option<Guid?> correlation = AdminVerb.IdOption("--correlation", "that follow from one request");

    public IEnumerable<Symbol> Options => [module, stream, type, correlation];

    public IEnumerable<(string Name, string? Value)> Parameters(ParseResult parsed) =>
    [
        ("module", parsed.GetValue(module)),
        ("stream", parsed.GetValue(stream)?.ToString()),
        ("type", parsed.GetValue(type)),
        ("correlation", parsed.GetValue(correlation)?.ToString()),
    ];
}
