using Microsoft.EntityFrameworkCore.Migrations;
using Monolith.BuildingBlocks.Events.Postgres.Schema;

#nullable disable

namespace Monolith.Modules.Customers.Infrastructure.Migrations
{
    /// <inheritdoc />
    internal partial class OrderByRegistration : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.CreateIndexConcurrently("customers", "customers", "ix_customers_registered_at_id", "registered_at", "id");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            migrationBuilder.DropIndexConcurrently("customers", "ix_customers_registered_at_id");
    }
}
