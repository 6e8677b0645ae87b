using System.CommandLine;
using System.Globalization;
using Monolith.Host.Cli.Admin;

namespace Monolith.Host.Cli.Streams;

/// <summary><c>./run streams …</c>: any customer or order as it was.</summary>
internal static class StreamsCommand
{
    public static Command Create() => new("streams", "any customer or order as it was, and how it came to be") { Show(), Diff() };

    private static Command Show()
    {
        var id = AdminVerb.Id("the customer or order");
        var at = AdminVerb.Time("--at", "as it was at that time");
        var version = AdminVerb.Whole("--version", "as it was after that many events", least: 1);
        var command = AdminVerb.Create("show", "one of them, now or at a point in the past", [id, at, version], async (parsed, call, stop) =>
        {
            var query = QueryText.Of(("at", parsed.GetValue(at)), ("version", parsed.GetValue(version)?.ToString(CultureInfo.InvariantCulture)));
            var answer = await call.Client.GetAsync($"streams/{parsed.GetValue(id)}{query}", HistoryJson.Web.StreamPast, stop);
            await call.Output.ShowAsync(answer.Document, StreamText.Past(answer.Value));
            return ExitCode.Done;
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(at) is not null && result.GetResult(version) is not null)
                result.AddError("Name a time (--at) or a version (--version), not both.");
        });
        return command;
    }

    private static Command Diff()
    {
        var id = AdminVerb.Id("the customer or order");
        var from = Point("--from", "the earlier point: a version, 0 for before the first, or a time", required: true);
        var to = Point("--to", "the later point; now unless said", required: false);
        return AdminVerb.Create("diff", "what changed between two points, and by which events", [id, from, to], async (parsed, call, stop) =>
        {
            var query = QueryText.Of(("from", parsed.GetValue(from)), ("to", parsed.GetValue(to)));
            var answer = await call.Client.GetAsync($"streams/{parsed.GetValue(id)}/diff{query}", HistoryJson.Web.StreamDiff, stop);
            await call.Output.ShowAsync(answer.Document, StreamText.Diff(answer.Value));
            return ExitCode.Done;
        });
    }

    private static Option<string?> Point(string name, string what, bool required)
    {
        var point = new Option<string?>(name) { Description = what, HelpName = "N|T", Required = required };
        point.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) && !AdminVerb.IsTime(text))
                result.AddError($"{name}: '{text}' is neither a version nor a time (2026-01-31T09:30:00Z).");
        });
        return point;
    }
}
