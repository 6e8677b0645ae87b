using Microsoft.AspNetCore.Connections;
using Monolith.BuildingBlocks.Embedded;
using Monolith.BuildingBlocks.Events.Postgres.InProcess;
using Monolith.BuildingBlocks.Events.Postgres.Schema;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Postgres;
using Npgsql;

namespace Monolith.Host.Cli;

/// <summary>What an operator can mend is one line on standard error and exit code 1; only bugs have a stack trace.</summary>
internal static class PlainFailure
{
    public static async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (Describe(e) is { } line)
        {
            await Console.Error.WriteLineAsync(line.ReplaceLineEndings(" "));
            return ExitCode.Failed;
        }
    }

    private static string? Describe(Exception e) => e switch
    {
        LocalServerException or CommandFailedException or InvalidSettingException or MissingConnectionStringException
            or SchemaOutOfDateException or DatabaseClaimedException => e.Message,
        IOException { InnerException: AddressInUseException } => $"{e.Message.TrimEnd('.')}: stop what listens there, or choose another port (--port).",
        NpgsqlException => $"PostgreSQL: {e.Message}",
        HttpRequestException => e.Message,
        _ => null,
    };
}
