using System.Collections.Concurrent;

namespace Monolith.System.Tests.LocalStores;

/// <summary>
/// Reads from each of several processes without pause and checks every answer: none may fail, and a count of a process
/// may not decrease.
/// </summary>
internal sealed class UnfailingReads : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentQueue<string> faults = new();
    private readonly Task[] running;
    private long answers;

    public UnfailingReads(params Uri[] hosts) => running = [.. hosts.Select(host => Task.Run(() => AskAsync(new Copy(host), host)))];

    public async Task ShouldNotHaveFailedAsync()
    {
        await EndAsync();
        faults.ShouldBeEmpty();
        answers.ShouldBeGreaterThan(running.Length * Copy.Questions.Length);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        ending.Dispose();
    }

    private async Task EndAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(running);
    }

    private async Task AskAsync(Copy copy, Uri host)
    {
        var placed = 0;
        for (var i = 0; !ending.IsCancellationRequested; i++)
        {
            var question = Copy.Questions[i % Copy.Questions.Length];
            try
            {
                var answer = await copy.AskAsync(question);
                if (answer.Status != 200)
                    faults.Enqueue($"{host} {question}: {answer.Status} {answer.Text}");
                else if (question == "analytics/orders?by=status")
                    placed = Look(answer.Json["rows"]!.AsArray().Sum(row => (int)row!["orders"]!), placed, host);
            }
            catch (Exception exception)
            {
                faults.Enqueue($"{host} {question}: {exception.GetType().Name}: {exception.Message}");
            }

            Interlocked.Increment(ref answers);
        }
    }

    private int Look(int placed, int before, Uri host)
    {
        if (placed < before)
            faults.Enqueue($"{host} knew of {before} orders and now knows of {placed}");
        return placed;
    }
}
