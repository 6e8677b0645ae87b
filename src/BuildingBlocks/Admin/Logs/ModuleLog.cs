using Monolith.BuildingBlocks.Events.Histories;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Postgres.Relaying;

namespace Monolith.BuildingBlocks.Admin.Logs;

/// <summary>The log of one module that this process runs.</summary>
/// <param name="Log">The log.</param>
/// <param name="Search">Looks into it.</param>
/// <param name="Histories">How its streams become entities.</param>
/// <param name="Relay">Where its relay stands in this process; null where there is no topic.</param>
internal sealed record ModuleLog(PostgresLog Log, LogSearch Search, IReadOnlyList<StreamHistory> Histories, RelayStatus? Relay)
{
    /// <summary>The module's name as the admin API writes it.</summary>
    public string Module => Log.Database.Schema;
}
