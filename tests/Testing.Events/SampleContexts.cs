using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Monolith.BuildingBlocks.Events.Postgres.Schema;
using Monolith.BuildingBlocks.Events.Postgres.Writing;

namespace Monolith.Testing.Events;

/// <summary>The write side of the sample module Shop: only a log.</summary>
public sealed class ShopDbContext(DbContextOptions<ShopDbContext> options) : ModuleDbContext(options, "shop");

/// <summary>The write side of the sample module Depot: only a log.</summary>
public sealed class DepotDbContext(DbContextOptions<DepotDbContext> options) : ModuleDbContext(options, "depot");

[DbContext(typeof(ShopDbContext))]
[Migration("20260101000000_Shop")]
internal sealed class ShopMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateLog("shop");
        migrationBuilder.CreateIdempotencyKeys("shop");
        migrationBuilder.IndexLog("shop");
    }
}

[DbContext(typeof(DepotDbContext))]
[Migration("20260101000000_Depot")]
internal sealed class DepotMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateLog("depot");
        migrationBuilder.IndexLog("depot");
    }
}
