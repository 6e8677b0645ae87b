using System.CommandLine;
using System.Globalization;
using Monolith.Cli.Admin;
using Monolith.Cli.Invocation;

namespace Monolith.Cli.Streams;

/// <summary>Shows and compares earlier states of an entity.</summary>
internal static class StreamsCommand
{
    public static Command Create() => new("streams", "any customer or order at any time, and its events") { Show(), Diff() };

    private static Command Show()
    {
        var id = AdminVerb.Id("the customer or order");
        var at = AdminVerb.Time("--at", "its state at that time");
        var version = AdminVerb.Whole("--version", "its state after that many events", min: 1);
        const string Description = "its state now or earlier, and the events up to it";
        var command = AdminVerb.Create("show", Description, [id, at, version], async (parsed, call, stop) =>
        {
            var query = QueryText.Of(
                ("at", parsed.GetValue(at)), ("version", parsed.GetValue(version)?.ToString(CultureInfo.InvariantCulture)));
            var response = await call.Client.GetAsync($"streams/{parsed.GetValue(id)}{query}", StreamsJson.Default.StreamState, stop);
            await call.Output.ShowAsync(response.Document, StreamText.State(response.Value));
            return ExitCode.Success;
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
        var from = VersionOrTime("--from", "the earlier side: a version (0: before the first event) or a time", required: true);
        var to = VersionOrTime("--to", "the later side; now by default", required: false);
        const string Description = "the differences between two versions, and the events between them";
        return AdminVerb.Create("diff", Description, [id, from, to], async (parsed, call, stop) =>
        {
            var query = QueryText.Of(("from", parsed.GetValue(from)), ("to", parsed.GetValue(to)));
            var response = await call.Client.GetAsync($"streams/{parsed.GetValue(id)}/diff{query}", StreamsJson.Default.StreamDiff, stop);
            await call.Output.ShowAsync(response.Document, StreamText.Diff(response.Value));
            return ExitCode.Success;
        });
    }

    private static Option<string?> VersionOrTime(string name, string description, bool required)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "N|T", Required = required };
        option.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string?>();
            if (text is null || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) || AdminVerb.IsTime(text))
                return;
            result.AddError($"{name}: '{text}' is neither a version nor a time (2026-01-31T09:30:00Z).");
        });
        return option;
    }
}
