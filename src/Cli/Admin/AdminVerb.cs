using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.Cli.Invocation;
using Monolith.Cli.Output;

namespace Monolith.Cli.Admin;

/// <summary>One run of a verb: the admin API that it calls, and the output that it writes to.</summary>
internal sealed record AdminCall(AdminClient Client, IOutput Output);

/// <summary>Creates verbs that call the admin API of a running host, and their arguments and options.</summary>
internal static class AdminVerb
{
    private const int MaxActorLength = 200;

    public static Command Create(
        string name, string description, IEnumerable<Symbol> symbols, Func<ParseResult, AdminCall, CancellationToken, Task<int>> run)
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
                throw new CommandFailedException("Stopped before the host answered.");
            }
            catch (RequestRefusedException refused) when (refused.Document is { } document && parsed.GetValue(json))
            {
                await output.ShowAsync(document, []);
                return ExitCode.Failure;
            }
        });
        return command;
    }

    public static Argument<string> Projection() => new("NAME") { Description = "the projection (orders.customers)" };

    public static Argument<int> Generation() => new("N") { Description = "the number of the generation", CustomParser = GenerationNumber };

    public static Argument<Guid> Id(string description) => new("ID") { Description = description, CustomParser = Id };

    public static Option<Guid?> IdOption(string name, string description) =>
        new(name) { Description = description, HelpName = "ID", CustomParser = result => Id(result) };

    /// <summary>An RFC 3339 time.</summary>
    public static Option<string?> Time(string name, string description)
    {
        var time = new Option<string?>(name) { Description = $"{description} (2026-01-31T09:30:00Z)", HelpName = "T" };
        time.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !IsTime(text))
                result.AddError($"{name}: '{text}' is not an RFC 3339 time (2026-01-31T09:30:00Z).");
        });
        return time;
    }

    /// <summary>A whole number from min to max.</summary>
    public static Option<int?> Whole(string name, string description, int min, int max = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
                return number;
            var range = max == int.MaxValue ? $"{min} or more" : $"from {min} to {max}";
            result.AddError($"{name}: '{text}' is not a whole number {range}.");
            return null;
        },
    };

    internal static bool IsTime(string text) => Rfc3339.TryParse(text, out _);

    private static Guid Id(ArgumentResult result)
    {
        if (Guid.TryParseExact(result.Tokens.Single().Value, "D", out var id))
            return id;
        result.AddError($"'{result.Tokens.Single().Value}' is not a UUID.");
        return default;
    }

    private static int GenerationNumber(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        result.AddError($"'{text}' is not the number of a generation.");
        return default;
    }

    private static Option<string> Actor()
    {
        var actor = new Option<string>("--actor")
        {
            Description = "the operator's name in the record of actions; by default the user of this machine",
            HelpName = "NAME",
            DefaultValueFactory = _ => Environment.UserName,
        };
        actor.Validators.Add(result =>
        {
            if (PlainText.Fault(result.GetValueOrDefault<string>(), MaxActorLength) is { } fault)
                result.AddError($"--actor: {fault}");
        });
        return actor;
    }
}
