using System.CommandLine;

namespace Monolith.Host.Cli;

/// <summary>Options that several verbs have.</summary>
internal static class SharedOptions
{
    // ./run sets the variable, so that the checkout's folder is meant from any working directory.
    private const string DataVariable = "MONOLITH_DATA";

    public static Option<string> Data() => new("--data")
    {
        Description = "the folder that keeps everything",
        HelpName = "DIR",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(DataVariable) is { Length: > 0 } folder ? folder : ".data",
    };

    public static Option<bool> Kafka() => new("--kafka") { Description = "a local Kafka too, from KAFKA_HOME" };

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
}
