using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Events.Channels;
using Monolith.BuildingBlocks.Events.Postgres.Channels;
using Monolith.Testing.Events;

namespace Monolith.Events.Postgres.Tests;

public sealed class ProgressByNotificationTests(TestPostgres postgres) : ProgressExchangeContract(postgres)
{
    private protected override IHostChannel Open(SampleDatabase database) =>
        new NotificationChannel(database.Shop.Database, "shop_read_progress", NullLogger.Instance);
}
