using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Channels;
using Monolith.BuildingBlocks.Postgres;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Channels;

/// <summary>
/// A channel between the hosts that run one module, over NOTIFY of PostgreSQL. It uses separate connections: inside the transaction of a
/// command or of a batch, NOTIFY would serialize the commits of the whole database.
/// </summary>
/// <param name="database">The module's database.</param>
/// <param name="name">The name of the channel, an identifier of PostgreSQL.</param>
/// <param name="logger">Logs interruptions.</param>
public sealed partial class NotificationChannel(ModuleDatabase database, string name, ILogger logger) : IHostChannel
{
    private readonly string self = Guid.NewGuid().ToString("N");

    /// <inheritdoc />
    public async Task PublishAsync(string message, CancellationToken cancellation)
    {
        await using var notify = database.App.CreateCommand("select pg_notify($1, $2)");
        notify.Parameters.Add(new() { Value = name });
        notify.Parameters.Add(new() { Value = $"{self} {message}" });
        await notify.ExecuteNonQueryAsync(cancellation);
    }

    /// <inheritdoc />
    public Task SubscribeAsync(Action<string> received, CancellationToken stopping) =>
        RetryLoop.RunAsync(token => ListenAsync(received, token), exception => Interrupted(name, exception.Message), stopping);

    private async Task ListenAsync(Action<string> received, CancellationToken stopping)
    {
        // Not pooled: the next user of a pooled connection would keep listening.
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionStringOf(database.AppRole)) { Pooling = false };
        await using var source = database.CreateDataSource("notifications", settings.ConnectionString);
        await using var connection = await source.OpenConnectionAsync(stopping);
        connection.Notification += (_, notification) =>
        {
            if (notification.Payload.Split(' ', 2) is [var origin, var message] && origin != self)
                received(message);
        };
        await using (var listen = new NpgsqlCommand($"listen {name}", connection))
            await listen.ExecuteNonQueryAsync(stopping);
        while (true)
            await connection.WaitAsync(stopping);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The notifications on {Channel} are interrupted: {Reason}")]
    private partial void Interrupted(string channel, string reason);
}
