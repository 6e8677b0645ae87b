using Monolith.Benchmarks.Running;
using Npgsql;

namespace Monolith.Benchmarks.Join;

/// <summary>The cost of some work in PostgreSQL; no other work runs at the time.</summary>
/// <param name="Cpu">Seconds of processor time.</param>
/// <param name="Wal">Bytes of WAL.</param>
internal readonly record struct PostgresCost(double Cpu, double Wal)
{
    public static async Task<PostgresCost> OfAsync(
        NpgsqlConnection connection, int postmasterId, Func<Task> work, CancellationToken cancellation)
    {
        var (cpu, wal) = (CpuMeter.WithChildren(postmasterId), await WalAsync(connection, cancellation));
        await work();
        return new PostgresCost(CpuMeter.WithChildren(postmasterId) - cpu, await WalAsync(connection, cancellation) - wal);
    }

    private static async Task<double> WalAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select (pg_current_wal_insert_lsn() - '0/0')::double precision", connection);
        return (double)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
