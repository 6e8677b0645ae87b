using Microsoft.AspNetCore.Connections;
using Monolith.BuildingBlocks.Events.Postgres.InProcess;
using Monolith.BuildingBlocks.Events.Postgres.Schema;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Postgres;
using Npgsql;

namespace Monolith.Host;

/// <summary>Errors that an operator can fix. They are reported in one line; only bugs have a stack trace.</summary>
public static class OperatorErrors
{
    private const int Failure = 1;

    /// <summary>The line that tells an operator what is wrong; null if the exception is a bug.</summary>
    /// <param name="exception">The exception.</param>
    public static string? Describe(Exception exception) => exception switch
    {
        InvalidSettingException or MissingConnectionStringException or SchemaOutOfDateException or DatabaseClaimedException
            or DevelopmentServersMissingException => exception.Message,
        IOException { InnerException: AddressInUseException } =>
            $"{exception.Message.TrimEnd('.')}: stop what listens there, or choose another port (--port).",
        NpgsqlException => $"PostgreSQL: {exception.Message}",
        HttpRequestException => exception.Message,
        _ => null,
    };

    /// <summary>Runs a command. An operator error becomes one line on standard error and exit code 1.</summary>
    /// <param name="command">Returns the exit code.</param>
    /// <param name="describe">Describes an exception; <see cref="Describe"/> by default.</param>
    public static async Task<int> ReportAsync(Func<Task<int>> command, Func<Exception, string?>? describe = null)
    {
        ArgumentNullException.ThrowIfNull(command);
        describe ??= Describe;
        try
        {
            return await command();
        }
        catch (Exception exception) when (describe(exception) is { } line)
        {
            await Console.Error.WriteLineAsync(line.ReplaceLineEndings(" "));
            return Failure;
        }
    }
}
