using Microsoft.EntityFrameworkCore.Migrations;
using Monolith.BuildingBlocks.Events.Postgres.Idempotency;
using Monolith.BuildingBlocks.Events.Postgres.Schema;

#nullable disable

namespace Monolith.Modules.Orders.Infrastructure.Migrations
{
    /// <inheritdoc />
    internal partial class IdempotencyKeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateIdempotencyKeys("orders");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropIdempotencyKeys("orders");
    }
}
