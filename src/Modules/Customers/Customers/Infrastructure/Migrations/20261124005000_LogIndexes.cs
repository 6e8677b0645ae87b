using Microsoft.EntityFrameworkCore.Migrations;
using Monolith.BuildingBlocks.Events.Postgres.Schema;

#nullable disable

namespace Monolith.Modules.Customers.Infrastructure.Migrations
{
    /// <inheritdoc />
    internal partial class LogIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.IndexLog("customers");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropLogIndexes("customers");
    }
}
