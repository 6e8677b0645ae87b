using System.CommandLine;

namespace Monolith.Cli.Invocation;

/// <summary>Options that several verbs have, and the name of the command.</summary>
internal static class SharedOptions
{
    // ./run sets both: its own name, and the data folder of its checkout, which is the same from every working directory.
    private const string CommandVariable = "MONOLITH_COMMAND";
    private const string DataVariable = "MONOLITH_DATA";

    /// <summary>How the user started the command: <c>monolith</c>, or <c>./run</c> in a checkout.</summary>
    public static string CommandName { get; } = Variable(CommandVariable) ?? "monolith";

    public static Option<string> Data() => new("--data")
    {
        Description = "the data folder",
        HelpName = "DIR",
        DefaultValueFactory = _ => Variable(DataVariable) ?? ".data",
    };

    public static Option<bool> Kafka() => new("--kafka") { Description = "also starts a local Kafka, from KAFKA_HOME" };

    public static Option<Uri> Url() => new("--url")
    {
        Description = "the running host",
        HelpName = "URL",
        DefaultValueFactory = _ => new Uri("http://127.0.0.1:5080"),
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens.Single().Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                return url;
            result.AddError($"'{result.Tokens.Single().Value}' is not an http address.");
            return null;
        },
    };

    public static Option<bool> Json() => new("--json") { Description = "one JSON document for programs" };

    public static Option<bool> Detach() => new("--detach") { Description = "does not wait for the end of the operation" };

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
