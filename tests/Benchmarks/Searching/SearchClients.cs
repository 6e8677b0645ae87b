using System.Diagnostics;
using Monolith.Benchmarks.Shop;

namespace Monolith.Benchmarks.Searching;

/// <summary>Concurrent search clients in a closed loop, which cycle through all kinds of query.</summary>
internal sealed class SearchClients : IDisposable
{
    public const int Count = 8;

    /// <summary>The number of hits per query.</summary>
    public const int Limit = 20;

    private const int Ok = 200;

    private readonly KeepAliveConnection[] connections;
    private readonly IReadOnlyList<Person> people;

    private SearchClients(KeepAliveConnection[] connections, IReadOnlyList<Person> people)
    {
        this.connections = connections;
        this.people = people;
    }

    public static async Task<SearchClients> OpenAsync(Uri url, IReadOnlyList<Person> people, CancellationToken cancellation)
    {
        var connections = new KeepAliveConnection[Count];
        for (var number = 0; number < connections.Length; number++)
            connections[number] = await KeepAliveConnection.OpenAsync(url, cancellation);
        return new SearchClients(connections, people);
    }

    /// <summary>Searches for a while.</summary>
    /// <returns>The latencies in seconds, sorted, by kind of query.</returns>
    public async Task<IReadOnlyDictionary<QueryKind, double[]>> RunAsync(TimeSpan duration, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var samples = await Task.WhenAll(connections.Select((connection, number) => Task.Run(
            async () =>
            {
                var random = new Random(number);
                var timings = new List<(QueryKind Kind, double Seconds)>();
                for (var turn = number; Stopwatch.GetElapsedTime(began) < duration; turn++)
                {
                    var kind = QueryKind.All[turn % QueryKind.All.Count];
                    var path = $"/api/v1/search/customers?limit={Limit}&{kind.Parameters(people[random.Next(people.Count)])}";
                    var sent = Stopwatch.GetTimestamp();
                    var answer = await connection.SendAsync("GET", path, "", cancellation);
                    timings.Add((kind, Stopwatch.GetElapsedTime(sent).TotalSeconds));
                    if (answer.Status != Ok)
                        throw new InvalidOperationException($"{path} answers {answer.Status}.");
                }

                return timings;
            },
            cancellation)));
        return samples.SelectMany(timings => timings)
            .GroupBy(one => one.Kind, one => one.Seconds)
            .ToDictionary(group => group.Key, group => group.Order().ToArray());
    }

    public void Dispose()
    {
        foreach (var connection in connections)
            connection.Dispose();
    }
}
