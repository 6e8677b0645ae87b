using Confluent.Kafka;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// An admin client. Once closed, it is disposed when no request is in progress: a response or a request during its disposal fails an
/// assertion in the client library, which ends the process.
/// </summary>
internal sealed class AdminConnection(KafkaSettings settings)
{
    private readonly Lock gate = new();
    private IAdminClient? client;
    private int open;
    private bool closed;

    /// <summary>Sends a request; returns null if the connection is closed.</summary>
    public Task<T>? TrySend<T>(Func<IAdminClient, Task<T>> request)
    {
        Task<T> response;
        lock (gate)
        {
            if (closed)
                return null;
            response = request(client ??= Build(settings));
            open++;
        }

        _ = response.ContinueWith(_ => NoteCompleted(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return response;
    }

    /// <summary>Accepts no more requests. Requests in progress continue. A client that never completes them is not disposed.</summary>
    public void Close()
    {
        lock (gate)
        {
            if (closed)
                return;
            closed = true;
            if (open > 0)
                return;
        }

        client?.Dispose();
    }

    /// <summary>Creates a separate client.</summary>
    public static IAdminClient Build(KafkaSettings settings) => new AdminClientBuilder(settings.Admin())
        // librdkafka logs what the calls report as well.
        .SetLogHandler((_, _) => { })
        .SetErrorHandler((_, _) => { })
        .Build();

    private void NoteCompleted()
    {
        lock (gate)
        {
            open--;
            if (!closed || open > 0)
                return;
        }

        client?.Dispose();
    }
}
