using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.Host.Cli.Output;

namespace Monolith.Host.Cli.Admin;

/// <summary>Makes verbs that ask the admin API of a running host.</summary>
internal static class AdminVerb
{
    private const int MostOfAnActor = 200;

    public static Command Create(string name, string description, IEnumerable<Symbol> symbols, Func<ParseResult, AdminCall, CancellationToken, Task<int>> run)
    {
        var (url, json, actor) = (SharedOptions.Url(), SharedOptions.Json(), Actor());
        var command = new Command(name, description);
        foreach (var symbol in symbols.Concat([url, json, actor]))
        {
            if (symbol is Argument argument)
                command.Arguments.Add(argument);
            else
                command.Options.Add((Option)symbol);
        }

        command.SetAction(async (parsed, stop) =>
        {
            var output = Outputs.For(parsed.GetValue(json));
            using var client = new AdminClient(parsed.GetRequiredValue(url), parsed.GetRequiredValue(actor));
            try
            {
                return await run(parsed, new AdminCall(client, output), stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                throw new CommandFailedException("Stopped before the host had answered.");
            }
            catch (RefusedException refused) when (refused.Document is { } document && parsed.GetValue(json))
            {
                await output.ShowAsync(document, []);
                return ExitCode.Failed;
            }
        });
        return command;
    }

    public static Argument<string> Projection() => new("NAME") { Description = "the projection (orders.customers)" };

    public static Argument<int> Generation() => new("N") { Description = "the number of the generation", CustomParser = Number };

    public static Argument<Guid> Id(string what) => new("ID") { Description = what, CustomParser = Id };

    public static Option<Guid?> IdOption(string name, string what) => new(name) { Description = what, HelpName = "ID", CustomParser = result => Id(result) };

    /// <summary>A time, as the host reads it.</summary>
    public static Option<string?> Time(string name, string what)
    {
        var time = new Option<string?>(name) { Description = $"{what} (2026-01-31T09:30:00Z)", HelpName = "T" };
        time.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !IsTime(text))
                result.AddError($"{name}: '{text}' is no time as RFC 3339 has it (2026-01-31T09:30:00Z).");
        });
        return time;
    }

    /// <summary>A whole number in a range.</summary>
    public static Option<int?> Whole(string name, string what, int least, int most = int.MaxValue) => new(name)
    {
        Description = what,
        HelpName = "N",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
                return number;
            result.AddError($"{name}: '{result.Tokens.Single().Value}' is no whole number {(most == int.MaxValue ? $"from {least} on" : $"from {least} to {most}")}.");
            return null;
        },
    };

    internal static bool IsTime(string text) => Rfc3339.TryParse(text, out _);

    private static Guid Id(ArgumentResult result)
    {
        if (Guid.TryParseExact(result.Tokens.Single().Value, "D", out var id))
            return id;
        result.AddError($"'{result.Tokens.Single().Value}' is no UUID.");
        return default;
    }

    private static int Number(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        result.AddError($"'{result.Tokens.Single().Value}' is not the number of a generation.");
        return default;
    }

    private static Option<string> Actor()
    {
        var actor = new Option<string>("--actor") { Description = "who asks; the user of this machine unless said", HelpName = "WHO", DefaultValueFactory = _ => Environment.UserName };
        actor.Validators.Add(result =>
        {
            if (PlainText.Fault(result.GetValueOrDefault<string>(), MostOfAnActor) is { } fault)
                result.AddError($"--actor: {fault}");
        });
        return actor;
    }
}
