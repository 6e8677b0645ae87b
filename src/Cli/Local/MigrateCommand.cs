using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Postgres;
using Monolith.Cli.Invocation;
using Monolith.Cli.Output;
using Monolith.Host;

namespace Monolith.Cli.Local;

/// <summary>Applies the migrations of all modules, to the configured database or to the one that runs from the data folder.</summary>
internal static class MigrateCommand
{
    public const string Verb = "migrate";

    private const string Document = """{"migrated":true}""";

    public static Command Create()
    {
        var (data, json) = (SharedOptions.Data(), SharedOptions.Json());
        var command = new Command(
            Verb, "applies the migrations of all modules to ConnectionStrings__Monolith, else to the private database") { data, json };
        command.SetAction(async (parsed, stop) =>
        {
            await Composition.MigrateAsync(await ConfigurationAsync(parsed.GetRequiredValue(data), stop), stop);
            await Outputs.For(parsed.GetValue(json)).ShowAsync(Document, [new Block.Line("The migrations of all modules are applied.")]);
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<IConfiguration> ConfigurationAsync(string data, CancellationToken stop)
    {
        var configuration = Composition.Configuration([]);
        if (!PostgresSettings.AnyIn(configuration))
            configuration.AddInMemoryCollection((await Endpoints.RunningAsync(data, stop)).OverridingSettings(data));
        return configuration;
    }
}
