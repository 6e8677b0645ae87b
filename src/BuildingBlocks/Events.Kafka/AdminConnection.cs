using Confluent.Kafka;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// One client of the cluster, until it is closed. It is disposed of when nothing that it was asked is open any more: an answer that comes while the client library tears itself down fails an assertion in it,
/// and a question that reaches into what was torn down already is no better; either takes the process with it.
/// </summary>
internal sealed class AdminConnection(KafkaSettings settings)
{
    private readonly Lock gate = new();
    private IAdminClient? client;
    private int open;
    private bool closed;

    /// <summary>Asks the cluster something; null where the connection is closed.</summary>
    public Task<T>? Ask<T>(Func<IAdminClient, Task<T>> question)
    {
        Task<T> answer;
        lock (gate)
        {
            if (closed)
                return null;
            answer = question(client ??= Build(settings));
            open++;
        }

        _ = answer.ContinueWith(_ => NoteAnswered(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return answer;
    }

    /// <summary>Takes no more questions. What was asked before may still be answered; a client that never answers stays.</summary>
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

    /// <summary>A client of one's own.</summary>
    public static IAdminClient Build(KafkaSettings settings) => new AdminClientBuilder(settings.Admin())
        // librdkafka repeats what the calls themselves already say.
        .SetLogHandler((_, _) => { })
        .SetErrorHandler((_, _) => { })
        .Build();

    private void NoteAnswered()
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
