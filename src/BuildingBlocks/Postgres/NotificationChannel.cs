using Microsoft.Extensions.Logging;
using Npgsql;

namespace Monolith.BuildingBlocks.Postgres;

/// <summary>
/// What the processes of one module tell each other by NOTIFY, on connections of its own: within the transaction of a command or of a page it would serialize the commits of the whole database. Messages
/// are lost with a connection, so that whoever hears them must get on without.
/// </summary>
/// <param name="database">The module's database.</param>
/// <param name="name">The channel's name, an identifier of PostgreSQL.</param>
/// <param name="logger">Told when a connection breaks.</param>
public sealed partial class NotificationChannel(ModuleDatabase database, string name, ILogger logger)
{
    /// <summary>The most bytes of a message, in UTF-8: PostgreSQL takes fewer than 8,000 with the sender.</summary>
    public const int LongestMessage = 7_900;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly string self = Guid.NewGuid().ToString("N");

    /// <summary>Tells the other processes, and not this one.</summary>
    /// <param name="message">What; <see cref="LongestMessage"/> at most.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="NpgsqlException">PostgreSQL does not answer.</exception>
    public async Task TellAsync(string message, CancellationToken cancellation)
    {
        await using var notify = database.App.CreateCommand("select pg_notify($1, $2)");
        notify.Parameters.Add(new() { Value = name });
        notify.Parameters.Add(new() { Value = $"{self} {message}" });
        await notify.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Hears what other processes tell, until it is stopped; a connection that breaks is made again.</summary>
    /// <param name="heard">Told each message, one after the other; it must not block, nor throw.</param>
    /// <param name="stopping">Ends it.</param>
    public Task HearAsync(Action<string> heard, CancellationToken stopping) => KeepUpAsync(token => ListenAsync(heard, token), stopping);

    /// <summary>Does something for as long as the process runs, again and again while PostgreSQL is away.</summary>
    /// <param name="work">What; it ends by being stopped, or by an exception.</param>
    /// <param name="stopping">Ends it.</param>
    public async Task KeepUpAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Interrupted(name, exception.Message);
                await Task.Delay(Pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(Action<string> heard, CancellationToken stopping)
    {
        // Not from the pool: whoever got the connection next would go on listening.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionStringOf(database.AppRole)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(stopping);
        connection.Notification += (_, notification) =>
        {
            if (notification.Payload.Split(' ', 2) is [var sender, var message] && sender != self)
                heard(message);
        };
        await using (var listen = new NpgsqlCommand($"listen {name}", connection))
            await listen.ExecuteNonQueryAsync(stopping);
        while (true)
            await connection.WaitAsync(stopping);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The notifications on {Channel} are interrupted: {Reason}")]
    private partial void Interrupted(string channel, string reason);
}
