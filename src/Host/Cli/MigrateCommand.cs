using System.CommandLine;
using Monolith.BuildingBlocks.Postgres;
using Monolith.Host.Cli.Output;

namespace Monolith.Host.Cli;

/// <summary><c>./run migrate</c>: applies the migrations of all modules, to the configured database or to the one that runs from the data folder.</summary>
internal static class MigrateCommand
{
    public const string Verb = "migrate";

    private const string Document = """{"migrated":true}""";

    public static Command Create()
    {
        var (data, json) = (SharedOptions.Data(), SharedOptions.Json());
        var command = new Command(
            Verb, "applies the migrations of all modules to ConnectionStrings__Monolith, else to the private database") { data, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await Composition.MigrateAsync(await ConfigurationAsync(parsed.GetRequiredValue(data), cancellation), cancellation);
            await Outputs.For(parsed.GetValue(json)).ShowAsync(Document, [new Block.Line("The migrations of all modules are applied.")]);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<IConfiguration> ConfigurationAsync(string data, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder([$"--contentRoot={AppContext.BaseDirectory}"]);
        if (!PostgresSettings.AnyIn(builder.Configuration))
            builder.Configuration.AddInMemoryCollection((await Endpoints.RunningAsync(data, cancellation)).Settings(data));
        return builder.Configuration;
    }
}
