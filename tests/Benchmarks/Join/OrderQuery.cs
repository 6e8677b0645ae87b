using System.Diagnostics;
using Monolith.Benchmarks.Reporting;
using Npgsql;

namespace Monolith.Benchmarks.Join;

/// <summary>Reads orders by id with a prepared statement on one connection, including every column.</summary>
internal sealed class OrderQuery(NpgsqlConnection connection, string sql, IReadOnlyList<Guid> orders)
{
    private readonly List<List<double>> rounds = [];
    private int at;

    /// <summary>A percentile of the times: the median of the rounds.</summary>
    public double At(double part) => Samples.Median(rounds.Select(round => Samples.Percentile(round, part)));

    public async Task WarmUpAsync(TimeSpan duration, CancellationToken cancellation)
    {
        await using var command = Command();
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < duration;)
            await AskAsync(command, cancellation);
    }

    public async Task RunRoundAsync(int queries, CancellationToken cancellation)
    {
        await using var command = Command();
        await command.PrepareAsync(cancellation);
        var samples = new List<double>(queries);
        for (var i = 0; i < queries; i++)
        {
            var asked = Stopwatch.GetTimestamp();
            await AskAsync(command, cancellation);
            samples.Add(Stopwatch.GetElapsedTime(asked).TotalSeconds);
        }

        samples.Sort();
        rounds.Add(samples);
    }

    private NpgsqlCommand Command() => new(sql, connection) { Parameters = { new NpgsqlParameter<Guid>() } };

    private async Task AskAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        ((NpgsqlParameter<Guid>)command.Parameters[0]).TypedValue = orders[at++ % orders.Count];
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation))
            throw new InvalidOperationException("An order is missing.");
        for (var column = 0; column < row.FieldCount; column++)
            _ = row.GetValue(column);
    }
}
